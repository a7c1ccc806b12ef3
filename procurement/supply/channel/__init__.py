"""The green channel: emergency purchases are ordered first and filed afterwards."""
