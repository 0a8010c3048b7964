"""What an expression is: our own inference first, jedi behind a bridge for the rest."""
