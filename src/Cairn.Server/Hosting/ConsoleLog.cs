using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Hosting;

/// <summary>
/// The log: a line for each entry, on standard error, so that standard output stays what the program says. The framework's
/// console logger would cost a sixth of a start and a thread for each factory.
/// </summary>
internal sealed class ConsoleLog(LogLevel least, TimeProvider clock) : ILoggerFactory
{
    private readonly Lock writing = new();

    public ILogger CreateLogger(string categoryName) =>
        new Category(this, categoryName, categoryName.StartsWith("Microsoft", StringComparison.Ordinal) && least < LogLevel.Warning ? LogLevel.Warning : least);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("There is one log.");

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string category, string message, Exception? fault)
    {
        var word = level switch
        {
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            LogLevel.Critical => "crit",
            _ => "debug",
        };
        var time = clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var line = fault is null ? $"{time} {word}: {category} {message}" : $"{time} {word}: {category} {message} {fault}";
        var bytes = Encoding.UTF8.GetBytes(line.ReplaceLineEndings(" ") + Environment.NewLine);
        lock (writing)
        {
            try
            {
                using var output = Console.OpenStandardError();
                output.Write(bytes);
            }
            catch (IOException)
            {
                // Nobody reads it any more: a terminal that was closed, a full disk behind a redirection.
            }
        }
    }

    private sealed class Category(ConsoleLog log, string name, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(logLevel, name, formatter(state, exception), exception);
            }
        }
    }
}
