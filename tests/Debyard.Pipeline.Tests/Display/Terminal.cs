using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Debyard.Pipeline.Tests.Display;

/// <summary>A terminal with its scrollback, for the ECMA-48 control sequences that the live table writes.</summary>
sealed partial class Terminal : StringWriter
{
    [GeneratedRegex(@"\e\[(\??)(\d*)([A-Za-z])|[^\e]")]
    private static partial Regex Token { get; }

    public IReadOnlyList<string> Lines
    {
        get
        {
            var lines = new List<StringBuilder> { new() };
            var (row, column) = (0, 0);
            foreach (Match token in Token.Matches(ToString()))
            {
                switch (token.Value)
                {
                    case "\n":
                        (row, column) = (row + 1, 0);
                        if (row == lines.Count)
                        {
                            lines.Add(new());
                        }
                        break;
                    case "\r":
                        column = 0;
                        break;
                    case { Length: 1 } letter:
                        lines[row].Length = Math.Max(lines[row].Length, column + 1);
                        lines[row][column++] = letter[0];
                        break;
                    case var sequence when token.Groups[3].Value == "A":
                        row -= int.Parse(token.Groups[2].Value, CultureInfo.InvariantCulture);
                        break;
                    case var sequence when token.Groups[3].Value == "J":
                        lines[row].Length = Math.Min(lines[row].Length, column);
                        lines.RemoveRange(row + 1, lines.Count - row - 1);
                        break;
                    case "\e[?7l" or "\e[?7h":
                        break;
                    default:
                        throw new InvalidOperationException($"An unknown sequence: {token.Value[1..]}");
                }
            }
            return [.. lines.Select(line => line.ToString())];
        }
    }
}
