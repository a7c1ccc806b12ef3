"""Plans that adjust prices of service items: lines, checks, effects, and the way to effective prices."""
