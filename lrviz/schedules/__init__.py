"""What a schedule is, and what the families of schedules are made of."""
