"""What is done with a region's yearly evaluation."""
