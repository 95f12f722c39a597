namespace Cairn.Projects.Pipelines.Running;

/// <summary>A number of processors that steps share. First come, first served: a large step is not overtaken for ever.</summary>
internal sealed class ProcessorGate(int processors) : IDisposable
{
    private readonly SemaphoreSlim _line = new(1);
    private readonly SemaphoreSlim _free = new(processors);

    /// <summary>Waits for so many of them; more than there are means all.</summary>
    public async Task<IDisposable> EnterAsync(int wanted, CancellationToken cancellation)
    {
        var count = Math.Clamp(wanted, 1, processors);
        var taken = 0;
        await _line.WaitAsync(cancellation);
        try
        {
            for (; taken < count; taken++)
            {
                await _free.WaitAsync(cancellation);
            }

            return new Place(_free, count);
        }
        catch
        {
            if (taken > 0)
            {
                _free.Release(taken);
            }

            throw;
        }
        finally
        {
            _line.Release();
        }
    }

    public void Dispose()
    {
        _line.Dispose();
        _free.Dispose();
    }

    private sealed class Place(SemaphoreSlim free, int count) : IDisposable
    {
        public void Dispose() => free.Release(count);
    }
}
