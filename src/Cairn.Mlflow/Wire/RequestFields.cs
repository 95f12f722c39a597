using System.Globalization;
using System.Text.Json;
using Cairn.Core;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Wire;

/// <summary>
/// The fields of a request, from the query of a GET or the JSON body of anything else, with MLflow's rules for what is
/// missing and what has the wrong type, in its words. Endpoints ask for fields in the order in which MLflow checks them.
/// </summary>
internal sealed class RequestFields : IDisposable
{
    private const string SeeDocs = " See the API docs for more information about request parameters.";

    private readonly IQueryCollection? query;
    private readonly JsonDocument? document;
    private readonly RequestBody? body;

    private RequestFields(IQueryCollection query) => this.query = query;

    private RequestFields(RequestBody? body, JsonDocument? document)
    {
        this.body = body;
        this.document = document;
    }

    public static async Task<RequestFields> ReadAsync(HttpContext context, int longest = RequestBody.LongestJson)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && request.QueryString.HasValue)
        {
            return new RequestFields(request.Query);
        }

        ContentTypeRule.Check(request);
        var body = await RequestBody.ReadAsync(request, longest, context.RequestAborted);
        return new RequestFields(body, LenientJson.Parse(body.Bytes));
    }

    /// <summary>The fields of a body that was read already, and that must outlive them.</summary>
    public static RequestFields Of(RequestBody body) => new(body: null, LenientJson.Parse(body.Bytes));

    public void Dispose()
    {
        document?.Dispose();
        body?.Dispose();
    }

    public string RequiredText(string name) => RequiredText(name, FindExactly(name));

    /// <summary>The id of a run, under its new name or its old.</summary>
    public string RunId()
    {
        var value = FindExactly("run_id");
        return RequiredText("run_id", value.IsAbsent ? FindExactly("run_uuid") : value);
    }

    public string? Text(string name)
    {
        var value = Find(name);
        return value.IsAbsent ? null : value.Text ?? throw WrongType(name, value);
    }

    /// <summary>An id that old clients send as a number; null where it is absent.</summary>
    public string? Id(string name) => Find(name) is { IsAbsent: false } value ? value.TextOrNumber ?? throw WrongType(name, value) : null;

    public string RequiredId(string name)
    {
        var value = FindExactly(name);
        return value.IsMissing ? throw Missing(name) : value.TextOrNumber ?? throw WrongType(name, value);
    }

    public long? Integer(string name)
    {
        var value = Find(name);
        return value.IsAbsent ? null : value.Integer ?? throw WrongType(name, value);
    }

    public bool? Flag(string name)
    {
        var value = Find(name);
        return value.IsAbsent ? null : value.Flag ?? throw WrongType(name, value);
    }

    public long RequiredInteger(string name) => RequiredInteger(name, FindExactly(name));

    public double RequiredNumber(string name) => RequiredNumber(name, FindExactly(name));

    /// <summary>A list of texts; empty where it is absent.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var value = Find(name);
        if (value.IsAbsent)
        {
            return [];
        }

        var items = value.Items ?? throw WrongType(name, value);
        return items.ConvertAll(item => item.Text ?? throw WrongType(name, value));
    }

    /// <summary>A list of ids, which old clients send as numbers; empty where it is absent.</summary>
    public IReadOnlyList<string> Ids(string name)
    {
        var value = Find(name);
        if (value.IsAbsent)
        {
            return [];
        }

        var items = value.Items ?? throw WrongType(name, value);
        return items.ConvertAll(item => item.TextOrNumber ?? throw WrongType(name, value));
    }

    /// <summary>A list of objects with a key and a value, such as tags; empty where it is absent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string name)
    {
        var value = Find(name);
        if (value.IsAbsent)
        {
            return [];
        }

        var items = value.Items ?? throw WrongType(name, value);
        var pairs = new List<KeyValuePair<string, string>>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var at = $"{name}[{i}]";
            var key = items[i].Member("key", at);
            pairs.Add(new(RequiredText($"{at}.key", key), items[i].Member("value", at) is { IsAbsent: false } text ? text.Text ?? throw WrongType($"{at}.value", text) : ""));
        }

        return pairs;
    }

    /// <summary>A list of objects as they are, for who reads them field by field; empty where it is absent.</summary>
    public IReadOnlyList<FieldValue> Objects(string name)
    {
        var value = Find(name);
        return value.IsAbsent ? [] : value.Items ?? throw WrongType(name, value);
    }

    /// <summary>A field as it is, for who reads it member by member.</summary>
    public FieldValue Value(string name) => Find(name);

    /// <summary>An enum, by name or by number.</summary>
    public T? Choice<T>(string name, IReadOnlyDictionary<string, T> byName, IReadOnlyDictionary<long, T> byNumber)
        where T : struct
    {
        var value = Find(name);
        return value.IsAbsent ? null : ReadChoice(name, value, byName, byNumber);
    }

    /// <inheritdoc cref="Choice"/>
    public static T ReadChoice<T>(string name, FieldValue value, IReadOnlyDictionary<string, T> byName, IReadOnlyDictionary<long, T> byNumber)
        where T : struct
    {
        if (value.Text is { } text && byName.TryGetValue(text, out var named))
        {
            return named;
        }

        return value.Integer is { } number && byNumber.TryGetValue(number, out var numbered) ? numbered : throw WrongType(name, value);
    }

    public static string RequiredText(string name, FieldValue value)
    {
        if (value.IsMissing)
        {
            throw Missing(name);
        }

        return value.Text ?? throw WrongType(name, value);
    }

    public static string? OptionalText(string name, FieldValue value) =>
        value.IsAbsent ? null : value.Text ?? throw WrongType(name, value);

    public static long RequiredInteger(string name, FieldValue value) =>
        value.IsMissing ? throw Missing(name) : value.Integer ?? throw WrongType(name, value);

    public static double RequiredNumber(string name, FieldValue value) =>
        value.IsMissing ? throw Missing(name) : value.Number ?? throw WrongType(name, value);

    public static CairnException Missing(string name) =>
        CairnException.Invalid(name, $"Missing value for required parameter '{name}'.{SeeDocs}");

    public static CairnException WrongType(string name, FieldValue value) =>
        CairnException.Invalid(
            name,
            value.IsBrokenText
                ? $"Invalid value for parameter '{name}' supplied: it is not valid Unicode (it has half of a surrogate pair)."
                : $"Invalid value {Shorten(value.Json)} for parameter '{name}' supplied:  Hint: Value was of type '{value.TypeName}'.{SeeDocs}");

    /// <summary>A message said about a field, with MLflow's ending.</summary>
    public static CairnException Refuse(string name, string message) => CairnException.Invalid(name, message + SeeDocs);

    // Protobuf's JSON has two names for a field; what is required, MLflow looks for under the one that it writes.
    private FieldValue Find(string name) =>
        query is not null ? new FieldValue(query[name])
        : document is not null && FieldNames.TryFind(document.RootElement, name, out var value) ? new FieldValue(value)
        : default;

    private FieldValue FindExactly(string name) =>
        query is not null ? new FieldValue(query[name])
        : document?.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) ? new FieldValue(value)
        : default;

    private static string Shorten(string json) =>
        json.Length <= 500 ? json : string.Create(CultureInfo.InvariantCulture, $"{json.AsSpan(0, 500)}... ({json.Length} characters)");
}
