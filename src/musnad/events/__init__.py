"""What happened: who did what to whom, when and where, and whether it did."""
