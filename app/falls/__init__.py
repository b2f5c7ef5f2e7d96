"""Falls in the window: who lies, the alarm, who else is told. Who fell is found out by `core.motion.falls`."""
