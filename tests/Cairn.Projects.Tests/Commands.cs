using System.Text;
using Cairn.Projects.Binding;

namespace Cairn.Projects.Tests;

/// <summary>Projects made of one command, for tests of what a shell makes of it.</summary>
internal static class Commands
{
    public static Project Project(string command, params string[] parameters) =>
        new("test", "/", "/MLproject", ProjectEnvironment.None,
            [new EntryPoint("main", parameters.Select(name => new Parameter(name, ParameterType.Text, null, null)).ToArray(), command)], []);

    /// <summary>The command line for values given as "name=value"; undeclared names are appended.</summary>
    public static string Line(string command, string[] declared, params string[] given) =>
        ParameterBinder.Bind(Project(command, declared), "main", ParameterBinder.Split(given), "/").CommandLine;

    public static Project Read(string text, string file = "/p/MLproject") => ProjectFile.Parse(Encoding.UTF8.GetBytes(text), file);
}
