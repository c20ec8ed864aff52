"""The imperative shell: intake, processor, dispatcher, timers. The only caller of the rules."""
