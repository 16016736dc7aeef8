"""For those who learn: code that makes a result again."""
