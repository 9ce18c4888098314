"""What is likely to come: models fitted to what customers did, and the answers that they give."""
