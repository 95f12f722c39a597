using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace Cairn.Mlflow.Wire;

/// <summary>One field as it came: a JSON value, or the texts of a query parameter. The default is an absent field.</summary>
internal readonly struct FieldValue
{
    private readonly JsonElement json;
    private readonly StringValues texts;

    public FieldValue(JsonElement value) => json = value;

    public FieldValue(StringValues values) => texts = values;

    private bool IsQuery => texts.Count > 0;

    /// <summary>Not there, or null.</summary>
    public bool IsAbsent => !IsQuery && json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>Absent, or an empty text: what a required field must not be.</summary>
    public bool IsMissing => IsAbsent || (IsQuery ? texts[0] is null or "" : json.ValueKind == JsonValueKind.String && Text == "");

    public string? Text => IsQuery ? texts[0] ?? "" : json.ValueKind == JsonValueKind.String ? RequestText.Of(json) : null;

    /// <summary>Looks like a text but cannot be one.</summary>
    public bool IsBrokenText => !IsQuery && json.ValueKind == JsonValueKind.String && Text is null;

    public string? TextOrNumber => json.ValueKind == JsonValueKind.Number ? json.GetRawText() : Text;

    public long? Integer
    {
        get
        {
            if (json.ValueKind == JsonValueKind.Number)
            {
                return json.TryGetInt64(out var exact) ? exact : Whole(json.GetDouble());
            }

            return long.TryParse(Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        }
    }

    public bool? Flag => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Protobuf takes true and false for 1 and 0 here, though not for whole numbers.</summary>
    public double? Number =>
        json.ValueKind == JsonValueKind.Number ? json.GetDouble()
        : Flag is { } flag ? flag ? 1 : 0
        : double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed
        : null;

    /// <summary>The JSON value itself.</summary>
    public JsonElement Element => json;

    /// <summary>Names and values of an object; null where it is none.</summary>
    public IEnumerable<KeyValuePair<string, FieldValue>>? Members =>
        json.ValueKind == JsonValueKind.Object
            ? json.EnumerateObject().Select(member => new KeyValuePair<string, FieldValue>(member.Name, new FieldValue(member.Value)))
            : null;

    /// <summary>True or false, where it is one of them.</summary>
    public bool? Truth => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The items of an array, or of a repeated query parameter; null where it is neither.</summary>
    public List<FieldValue>? Items
    {
        get
        {
            if (IsQuery)
            {
                return [.. texts.Select(text => new FieldValue(new StringValues(text)))];
            }

            return json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray().Select(item => new FieldValue(item))] : null;
        }
    }

    /// <summary>The name of its type in Python.</summary>
    public string TypeName => IsQuery ? "str" : PythonText.TypeOf(json);

    /// <summary>As Python writes it in JSON.</summary>
    public string Json => IsQuery ? PythonText.Json(texts[0] ?? "") : PythonText.Json(json);

    /// <summary>A member of an object; anything else than an object at <paramref name="at"/> is refused.</summary>
    public FieldValue Member(string name, string at)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw RequestFields.WrongType(at, this);
        }

        return FieldNames.TryFind(json, name, out var member) ? new FieldValue(member) : default;
    }

    private static long? Whole(double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 9.2e18 ? (long)number : null;
}
