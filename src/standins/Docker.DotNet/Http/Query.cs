using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace Docker.DotNet.Http;

/// <summary>A query string. As in the package, what has its type's default value is left out: <c>false</c> and <c>0</c> too.</summary>
sealed class Query : IEnumerable<KeyValuePair<string, string>>
{
    readonly List<KeyValuePair<string, string>> parameters = [];

    public void Add(string name, string value)
    {
        if (value is not null)
            parameters.Add(new(name, value));
    }

    public void Add(string name, bool? value)
    {
        if (value is true)
            Add(name, "1");
    }

    public void Add(string name, long? value)
    {
        if (value is not (null or 0))
            Add(name, value.Value.ToString(CultureInfo.InvariantCulture));
    }

    public void Add(string name, IEnumerable<string> values)
    {
        foreach (var value in values ?? [])
            Add(name, value);
    }

    public void Add(string name, IDictionary<string, IDictionary<string, bool>> filters)
    {
        if (filters is not null)
            Add(name, JsonSerializer.Serialize(filters));
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join('&', parameters.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"));
}
