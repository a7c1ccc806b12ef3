"""Revivals (复活): offers to the companies concerned, stage by stage, and their answers."""
