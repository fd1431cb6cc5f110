using System.Text;

namespace Debyard.Debian.Control;

static class StanzaParser
{
    public static IEnumerable<Stanza> ParseAll(TextReader reader)
    {
        var fields = new List<Field>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var name = "";
        var value = new StringBuilder();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            line = line.TrimEnd(' ', '\t', '\r');
            if (Field.HasControlCharacter(line))
                throw Fault(number, "contains a control character");

            if (line.Length == 0)
            {
                // deb822(5): parsers may treat a line of blanks as an empty line.
                if (Finish() is { } stanza)
                    yield return stanza;
            }
            else if (Field.IsBlank(line[0]))
            {
                if (name.Length == 0)
                    throw Fault(number, "starts with a blank, but there is no field to continue");
                value.Append('\n').Append(line);
            }
            else
            {
                Close();
                var colon = line.IndexOf(':');
                if (colon < 0 || !Field.IsName(line.AsSpan(0, colon)))
                    throw Fault(number, "is not 'Name: value'");
                name = line[..colon];
                if (!names.Add(name))
                    throw Fault(number, $"repeats the field {name}");
                value.Append(line.AsSpan(colon + 1).TrimStart(" \t"));
            }
        }
        if (Finish() is { } last)
            yield return last;

        void Close()
        {
            if (name.Length > 0)
                fields.Add(new Field(name, value.ToString()));
            name = "";
            value.Clear();
        }

        Stanza? Finish()
        {
            Close();
            if (fields.Count == 0)
                return null;
            var stanza = Stanza.OfWellFormed([.. fields]);
            fields.Clear();
            names.Clear();
            return stanza;
        }
    }

    static DebianFormatException Fault(int line, string what) => new($"Line {line} of the control data {what}.");
}
