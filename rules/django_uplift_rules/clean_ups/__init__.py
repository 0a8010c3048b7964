"""What only old Djangos and Pythons needed. Off unless asked for."""
