"""The messages of a conversation: a growing answer, its end, the buttons under the newest one."""
