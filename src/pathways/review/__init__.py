"""What the sources say of one person: findings, options, pairs, plans, and the reviewed case."""
