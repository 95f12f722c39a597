using System.Text;
using Cairn.Client.Queue;
using Cairn.Client.Values;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnRun
{
    /// <summary>
    /// Logs a picture from a local file. Its bytes are on the server when this returns; its place in the run is queued
    /// behind what was logged before.
    /// </summary>
    /// <param name="key">Name of the series of pictures.</param>
    /// <param name="path">A PNG, JPEG, GIF, WebP, BMP or SVG file.</param>
    /// <param name="caption">Text under the picture, or null.</param>
    /// <param name="step">As for <see cref="LogMetric"/>.</param>
    /// <param name="cancellation">Cancels the call; the picture is then not in the run.</param>
    /// <exception cref="CairnClientException">The file cannot be read or is no picture, or the server refuses it.</exception>
    public async Task LogImageAsync(
        string key, string path, string? caption = null, long? step = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CairnClientException(
                null, "invalid_argument", $"The picture \"{path}\" cannot be read: {fault.Message}", "path", fault);
        }

        await LogImageAsync(key, bytes, caption, step, cancellation);
    }

    /// <summary>Logs a picture from memory, as the other overload does.</summary>
    /// <param name="key">Name of the series of pictures.</param>
    /// <param name="bytes">The bytes of a PNG, JPEG, GIF, WebP, BMP or SVG file.</param>
    /// <param name="caption">Text under the picture, or null.</param>
    /// <param name="step">As for <see cref="LogMetric"/>.</param>
    /// <param name="cancellation">Cancels the call; the picture is then not in the run.</param>
    /// <exception cref="CairnClientException">The bytes are no picture, or the server refuses it.</exception>
    public async Task LogImageAsync(
        string key, ReadOnlyMemory<byte> bytes, string? caption = null, long? step = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var kind = ImageFormat.Of(bytes.Span) ?? throw CairnClientException.Invalid(
            $"media.{key}", $"What was given as image \"{key}\" is none. Give PNG, JPEG, GIF, WebP, BMP or SVG.");
        var time = Now();
        var at = _steps.NextImage(key, step);
        var path = $"media/images/{ImageFormat.FileName(key, at, bytes.Span)}.{kind}";
        await _client.PutRunFileAsync(Id, path, bytes, cancellation);
        Enqueue(new Entry.Media(new MediaInfo(key, at, time, "image", path, caption)));
    }

    /// <summary>Logs a local file as a file of the run, hashed and streamed. A file of that name is replaced.</summary>
    /// <param name="localPath">The file.</param>
    /// <param name="name">Path in the run, with forward slashes; null means the name of the file.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Cancels the call; the run then keeps what it had.</param>
    /// <exception cref="CairnClientException">The file cannot be read, or the server refuses it.</exception>
    public Task<RunFileInfo> LogFileAsync(
        string localPath,
        string? name = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(localPath);
        return _client.PutRunFileAsync(Id, name ?? Path.GetFileName(localPath), localPath, progress, cancellation);
    }

    /// <summary>Logs text as a file of the run, in UTF-8. A file of that name is replaced.</summary>
    /// <param name="text">The content.</param>
    /// <param name="name">Path in the run, with forward slashes, such as "report.md".</param>
    /// <param name="cancellation">Cancels the call; the run then keeps what it had.</param>
    public Task<RunFileInfo> LogTextAsync(string text, string name, CancellationToken cancellation = default) =>
        _client.PutRunFileAsync(Id, name, Encoding.UTF8.GetBytes(text), cancellation);
}
