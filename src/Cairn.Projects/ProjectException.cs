namespace Cairn.Projects;

/// <summary>A project, its parameters or its command cannot be used as asked. The message says what to change.</summary>
public class ProjectException : Exception
{
    public ProjectException(string message)
        : base(message)
    {
    }

    public ProjectException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
