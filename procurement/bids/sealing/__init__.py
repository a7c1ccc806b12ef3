"""The one small interface behind which a bid is kept until its opening."""
