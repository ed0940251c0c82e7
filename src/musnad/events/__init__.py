"""What happened: triggers → participants → status, time and place."""
