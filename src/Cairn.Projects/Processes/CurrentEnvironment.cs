using System.Collections;

namespace Cairn.Projects.Processes;

internal static class CurrentEnvironment
{
    /// <summary>This process's environment, to be changed for a child.</summary>
    public static Dictionary<string, string> Copy()
    {
        var copy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            copy[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return copy;
    }
}
