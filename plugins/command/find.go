package command

// Find returns the absolute path of a program: one with a slash in its name is
// relative to dir, another is looked for on the PATH. The error says where it was
// looked for, and what to write instead.
func Find(name, dir string) (string, error) { return findProgram(name, dir) }
