using System.Collections;
using System.Text;

namespace Debyard.Debian.Control;

/// <summary>
/// One paragraph of control data (deb822(5)): ordered fields with case-insensitive names. Immutable, compared by content, and always
/// well-formed: no value can inject a field or a second stanza.
/// </summary>
public sealed class Stanza : IReadOnlyList<Field>, IEquatable<Stanza>
{
    readonly Field[] fields;

    /// <exception cref="DebianFormatException">A name or a value is not valid in the format, or a name occurs twice.</exception>
    public Stanza(params IEnumerable<Field> fields)
    {
        this.fields = [.. fields];
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in this.fields)
        {
            Check(field);
            if (!names.Add(field.Name))
                throw new DebianFormatException($"The control data contains the field {field.Name} twice.");
        }
    }

    Stanza(Field[] wellFormed, int _) => fields = wellFormed;

    internal static Stanza OfWellFormed(Field[] fields) => new(fields, 0);

    public int Count => fields.Length;

    public Field this[int index] => fields[index];

    /// <summary>The value of the field; null if the stanza does not contain it.</summary>
    public string? this[string name] => IndexOf(name) is var index && index < 0 ? null : fields[index].Value;

    /// <summary>Returns the value of a field that must exist and not be empty.</summary>
    /// <exception cref="DebianFormatException">The field is missing or empty.</exception>
    public string Required(string name) =>
        this[name] is { Length: > 0 } value ? value : throw new DebianFormatException($"The control data has no {name} field.");

    /// <summary>Returns a copy with the field replaced in place, or appended.</summary>
    public Stanza With(string name, string value)
    {
        var field = new Field(name, value);
        Check(field);
        var index = IndexOf(name);
        return OfWellFormed(index < 0 ? [.. fields, field] : [.. fields[..index], field, .. fields[(index + 1)..]]);
    }

    public Stanza Without(string name) =>
        IndexOf(name) is var index && index < 0 ? this : OfWellFormed([.. fields[..index], .. fields[(index + 1)..]]);

    /// <summary>Returns the same fields, those with a rank first, sorted by rank, then the others in their present order.</summary>
    internal Stanza InOrder(IReadOnlyDictionary<string, int> ranks) =>
        OfWellFormed([.. fields.OrderBy(field => ranks.GetValueOrDefault(field.Name, int.MaxValue))]);

    /// <summary>Parses exactly one stanza; blank lines around it are ignored.</summary>
    /// <exception cref="DebianFormatException">There is no stanza or more than one, or a line is not a field.</exception>
    public static Stanza Parse(string text)
    {
        var stanzas = ParseAll(new StringReader(text)).Take(2).ToList();
        return stanzas.Count switch
        {
            0 => throw new DebianFormatException("The control data is empty."),
            1 => stanzas[0],
            _ => throw new DebianFormatException(
                "The control data contains a blank line between fields, so it is more than one stanza; exactly one is allowed."
            ),
        };
    }

    /// <summary>Parses stanzas lazily.</summary>
    /// <exception cref="DebianFormatException">A line is not a field; the message contains its number.</exception>
    public static IEnumerable<Stanza> ParseAll(TextReader reader) => StanzaParser.ParseAll(reader);

    /// <summary>Renders all fields. The text ends with a line end and contains no blank line.</summary>
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
            throw new DebianFormatException($"'{field.Name}' is not a valid field name.");
        if (!Field.IsValue(field.Value))
            throw new DebianFormatException(
                $"The value of {field.Name} has a line that would end the field: indent continuation lines, write ' .' for an empty one."
            );
    }

    static bool IsSame(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
