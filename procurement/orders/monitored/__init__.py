"""What purchases tell the monitoring of prices."""
