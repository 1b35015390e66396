@rem The scripts of package.json begin with "exec", so that signals of npm reach the program and not a shell in between. cmd.exe has no such command.
@%*
