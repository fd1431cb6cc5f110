using System.Collections;
using System.Text;

namespace Debyard.Debian.Control;

/// <summary>
/// One paragraph of control data (deb822(5)): fields in their order, their names compared ignoring case. Immutable, equal by content, and
/// always well-formed: no value can smuggle a field or a second stanza in.
/// </summary>
public sealed class Stanza : IReadOnlyList<Field>, IEquatable<Stanza>
{
    readonly Field[] fields;

    /// <exception cref="DebianFormatException">A name or value that the format cannot hold, or a name given twice.</exception>
    public Stanza(params IEnumerable<Field> fields)
    {
        this.fields = [.. fields];
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in this.fields)
        {
            Check(field);
            if (!names.Add(field.Name))
                throw new DebianFormatException($"The control data has the field {field.Name} twice.");
        }
    }

    Stanza(Field[] wellFormed, int _) => fields = wellFormed;

    internal static Stanza OfWellFormed(Field[] fields) => new(fields, 0);

    public int Count => fields.Length;

    public Field this[int index] => fields[index];

    /// <summary>The value, or null where the stanza lacks the field.</summary>
    public string? this[string name] => IndexOf(name) is var index && index < 0 ? null : fields[index].Value;

    /// <summary>The value of a field that must be there and not be empty.</summary>
    /// <exception cref="DebianFormatException">It is not.</exception>
    public string Required(string name) =>
        this[name] is { Length: > 0 } value ? value : throw new DebianFormatException($"The control data has no {name} field.");

    /// <summary>A copy with the field changed in its place, or added at the end.</summary>
    public Stanza With(string name, string value)
    {
        var field = new Field(name, value);
        Check(field);
        var index = IndexOf(name);
        return OfWellFormed(index < 0 ? [.. fields, field] : [.. fields[..index], field, .. fields[(index + 1)..]]);
    }

    public Stanza Without(string name) =>
        IndexOf(name) is var index && index < 0 ? this : OfWellFormed([.. fields[..index], .. fields[(index + 1)..]]);

    /// <summary>The same fields: the ranked ones first, by rank, the others after them in their order.</summary>
    internal Stanza InOrder(IReadOnlyDictionary<string, int> ranks) =>
        OfWellFormed([.. fields.OrderBy(field => ranks.GetValueOrDefault(field.Name, int.MaxValue))]);

    /// <summary>Reads exactly one stanza; blank lines around it do not count.</summary>
    /// <exception cref="DebianFormatException">None, more than one, or a line that is no field.</exception>
    public static Stanza Parse(string text)
    {
        var stanzas = ParseAll(new StringReader(text)).Take(2).ToList();
        return stanzas.Count switch
        {
            0 => throw new DebianFormatException("The control data is empty."),
            1 => stanzas[0],
            _ => throw new DebianFormatException(
                "The control data has a blank line between fields, so more than one stanza, where one belongs."
            ),
        };
    }

    /// <summary>Reads stanza after stanza as they are asked for.</summary>
    /// <exception cref="DebianFormatException">A line that is no field; the message has its number.</exception>
    public static IEnumerable<Stanza> ParseAll(TextReader reader) => StanzaParser.ParseAll(reader);

    /// <summary>Each field on its line or lines; ends with a line end, has no blank line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var field in fields)
            text.Append(field.ToString()).Append('\n');
        return text.ToString();
    }

    public bool Equals(Stanza? other) =>
        other is not null
        && Count == other.Count
        && fields.Zip(other.fields).All(pair => IsSame(pair.First.Name, pair.Second.Name) && pair.First.Value == pair.Second.Value);

    public override bool Equals(object? obj) => Equals(obj as Stanza);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (name, value) in fields)
        {
            hash.Add(name, StringComparer.OrdinalIgnoreCase);
            hash.Add(value, StringComparer.Ordinal);
        }
        return hash.ToHashCode();
    }

    public IEnumerator<Field> GetEnumerator() => ((IEnumerable<Field>)fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    int IndexOf(string name) => Array.FindIndex(fields, field => IsSame(field.Name, name));

    static void Check(Field field)
    {
        if (!Field.IsName(field.Name))
            throw new DebianFormatException($"'{field.Name}' is not a name for a field of control data.");
        if (!Field.IsValue(field.Value))
            throw new DebianFormatException(
                $"The value of {field.Name} has a line that would end the field: start further lines with a blank, write ' .' for an empty one."
            );
    }

    static bool IsSame(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
