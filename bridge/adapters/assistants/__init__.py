"""Language models behind endpoints of the operator's choice."""
