"""Figures beside their goals. They print; they assert nothing."""
