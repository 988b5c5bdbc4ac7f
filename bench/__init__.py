"""The measures of DESIGN §9: each beside what it is compared to, in one run."""
