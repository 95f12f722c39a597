namespace SeattleWeather;

/// <summary>A temporary folder that is gone when the component ends.</summary>
public sealed class WorkFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("seattle-weather-");

    /// <summary>Path of a file or folder in it.</summary>
    public string this[string name] => Path.Combine(folder.FullName, name);

    /// <inheritdoc />
    public void Dispose() => folder.Delete(recursive: true);
}
