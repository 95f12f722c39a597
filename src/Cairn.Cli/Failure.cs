using Cairn.Cli.Output;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Core;
using Cairn.Migration;
using Cairn.Projects;

namespace Cairn.Cli;

/// <summary>A fault as a sentence for people, a code for programs and an exit status.</summary>
internal sealed record Failure(int ExitCode, string Code, string Message, string? Field = null)
{
    /// <summary>Null where the fault is one of ours and its stack is wanted (CAIRN_DEBUG).</summary>
    public static Failure? Of(Exception fault) => fault switch
    {
        UsageException => new Failure(ExitCodes.Usage, "usage", fault.Message),
        MigrationException => new Failure(ExitCodes.Usage, "invalid_source", fault.Message),
        ProjectException => new Failure(ExitCodes.Usage, "invalid_project", fault.Message),
        CairnClientException client => new Failure(Status(client.Code), client.Code, WithRemedy(client), client.Field),
        CairnException server => new Failure(Status(server.Code), WireCode(server.Code), server.Message, server.Field),
        OperationCanceledException => new Failure(ExitCodes.Interrupted, "interrupted", "Stopped."),
        IOException { HResult: 32 } => new Failure(ExitCodes.BrokenPipe, "broken_pipe", ""),
        IOException or UnauthorizedAccessException => new Failure(ExitCodes.Trouble, "io", fault.Message),
        _ when Environment.GetEnvironmentVariable("CAIRN_DEBUG") is { Length: > 0 } => null,
        _ => new Failure(ExitCodes.Trouble, "internal", $"This is a fault of cairn itself: {fault.GetType().Name}: {fault.Message} (CAIRN_DEBUG=1 shows where.) Please report it."),
    };

    /// <summary>Prints the fault and answers the exit status.</summary>
    public int Tell(Terminal terminal, bool json)
    {
        if (Message.Length == 0)
        {
            return ExitCode;
        }

        try
        {
            if (json)
            {
                terminal.WriteJson(new ErrorResponse(new ErrorInfo(Code, Message, Field)), CairnJson.Default.ErrorResponse);
            }
        }
        catch (IOException)
        {
            // Standard output may be the very fault that is told.
        }

        terminal.Say(terminal.ErrorInk.Bad("✘ ") + Message);
        return ExitCode;
    }

    private static string WithRemedy(CairnClientException fault) => fault.Code switch
    {
        "unauthenticated" or "forbidden" => $"{fault.Message} The key is taken from CAIRN_API_KEY.",
        _ => fault.Message,
    };

    private static int Status(string code) => code switch
    {
        "unreachable" or "unavailable" => ExitCodes.Unreachable,
        "not_found" => ExitCodes.NotFound,
        "conflict" or "already_exists" or "failed_precondition" => ExitCodes.Conflict,
        "invalid_argument" or "too_large" => ExitCodes.Usage,
        "unauthenticated" or "forbidden" or "too_many_attempts" => ExitCodes.Denied,
        _ => ExitCodes.Trouble,
    };

    private static int Status(ErrorCode code) => Status(WireCode(code));

    private static string WireCode(ErrorCode code) => code switch
    {
        ErrorCode.NotFound => "not_found",
        ErrorCode.AlreadyExists => "already_exists",
        ErrorCode.InvalidArgument => "invalid_argument",
        ErrorCode.Conflict => "conflict",
        ErrorCode.FailedPrecondition => "failed_precondition",
        ErrorCode.Unauthenticated => "unauthenticated",
        ErrorCode.Forbidden => "forbidden",
        ErrorCode.TooLarge => "too_large",
        ErrorCode.TooManyAttempts => "too_many_attempts",
        ErrorCode.Unavailable => "unavailable",
        ErrorCode.StorageFull => "storage_full",
        _ => "internal",
    };
}
