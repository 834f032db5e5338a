"""Where people run selfcheck: the action, the hook, the template, the workflow, and what the page on CI shows."""
