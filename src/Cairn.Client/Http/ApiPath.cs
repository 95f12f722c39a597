using System.Globalization;
using System.Text;

namespace Cairn.Client.Http;

/// <summary>
/// Builds the relative address of a route from values that may hold anything. Path values are escaped, and those a URI
/// parser would fold away ("..", an empty segment) are refused, so that no name can reach another route.
/// </summary>
internal sealed class ApiPath
{
    private readonly StringBuilder _text = new("api/v1");
    private char _separator = '?';

    public static ApiPath Of(string literal) => new ApiPath().Literal(literal);

    public ApiPath Literal(string segments)
    {
        _text.Append('/').Append(segments);
        return this;
    }

    public ApiPath Segment(string value, string field)
    {
        if (string.IsNullOrEmpty(value) || value is "." or "..")
        {
            throw CairnClientException.Invalid(field, $"{field} is \"{value}\", which cannot be the name of anything.");
        }

        _text.Append('/').Append(Uri.EscapeDataString(value));
        return this;
    }

    public ApiPath File(string path, string field = "path")
    {
        RelativePath.Check(path, field);
        foreach (var segment in path.Split('/'))
        {
            Segment(segment, field);
        }

        return this;
    }

    public ApiPath Query(string key, string? value)
    {
        if (value is not null)
        {
            _text.Append(_separator).Append(key).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
        }

        return this;
    }

    public ApiPath Query(string key, long? value) => Query(key, value?.ToString(CultureInfo.InvariantCulture));

    public ApiPath Query(string key, IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            Query(key, value);
        }

        return this;
    }

    public override string ToString() => _text.ToString();
}
