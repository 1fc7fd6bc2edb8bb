"""Text messages: telephone numbers, how long a text is, what it says, who may be texted, what comes back."""
