"""Statements of reasons (报价合理性说明): what a bid below the anchor is made of, asked for after the evaluation."""
