namespace Cairn.Cli;

internal static class Program
{
    public static Task<int> Main(string[] arguments) => new CairnProgram().RunAsync(arguments);
}
