namespace Cairn.Projects;

/// <summary>What a parameter's value has to be.</summary>
public enum ParameterType
{
    /// <summary>Any text ("string").</summary>
    Text,

    /// <summary>"float": a number as Python's <c>float()</c> reads it.</summary>
    Number,

    /// <summary>"int": a whole number.</summary>
    WholeNumber,

    /// <summary>An existing local file or folder; handed on as an absolute path.</summary>
    Path,

    /// <summary>Text with a scheme (<c>s3://…</c>).</summary>
    Uri,
}
