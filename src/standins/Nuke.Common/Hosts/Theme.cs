namespace Nuke.Common.Hosts;

/// <summary>The kind of a piece of output; the theme decides how it looks.</summary>
enum Style
{
    Text,
    SecondaryText,
    TertiaryText,
    Invalid,
    Null,
    Number,
    String,
    Boolean,
    Scalar,
    Verbose,
    Debug,
    Information,
    Warning,
    Error,
    Fatal,
    Success,
}

abstract class Theme
{
    // Empty lines are written as a zero-width space, because GitLab's job log drops empty lines.
    const string Blank = "\u200b";

    // TERM decides, not whether the output goes to a terminal: job logs show colours too.
    public static Theme Default { get; } =
        Environment.GetEnvironmentVariable("TERM")?.StartsWith("xterm", StringComparison.OrdinalIgnoreCase) == true
            ? AnsiTheme.Instance
            : new ConsoleTheme();

    public abstract void Write(TextWriter output, Style style, string text);

    /// <summary>The text with the style's codes around it, where the theme has codes.</summary>
    public abstract string Format(Style style, string text);

    public void WriteLine(Style style, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            Console.WriteLine(Blank);
        else
        {
            Write(Console.Out, style, text);
            Console.WriteLine();
        }
    }
}

/// <summary>256-colour codes, also where the output is redirected.</summary>
sealed class AnsiTheme : Theme
{
    const string Reset = "\e[0m";

    public static AnsiTheme Instance { get; } = new();

    public override void Write(TextWriter output, Style style, string text) => output.Write(Format(style, text));

    public override string Format(Style style, string text) => Code(style) + text + Reset;

    static string Code(Style style) =>
        style switch
        {
            Style.Text => "\e[39m",
            Style.SecondaryText or Style.TertiaryText => "\e[38;5;247m",
            Style.Invalid => "\e[48;5;45;1m",
            Style.Verbose => "\e[90;1m",
            Style.Debug => "\e[39;1m",
            Style.Warning => "\e[38;5;214;1m",
            Style.Error => "\e[38;5;196;1m",
            Style.Fatal => "\e[38;5;231;1m\e[48;5;196m",
            Style.Success => "\e[32;1m",
            _ => "\e[38;5;45;1m",
        };
}

/// <summary>The console's own colours; none where the output is redirected.</summary>
sealed class ConsoleTheme : Theme
{
    static readonly bool isColoured = !Console.IsOutputRedirected;

    public override string Format(Style style, string text) => text;

    public override void Write(TextWriter output, Style style, string text)
    {
        if (!isColoured || output != Console.Out || Colour(style) is not { } colour)
        {
            output.Write(text);
            return;
        }
        Console.ForegroundColor = colour;
        if (style == Style.Fatal)
            Console.BackgroundColor = ConsoleColor.Red;
        output.Write(text);
        Console.ResetColor();
    }

    static ConsoleColor? Colour(Style style) =>
        style switch
        {
            Style.Text or Style.Debug => null,
            Style.SecondaryText or Style.TertiaryText or Style.Verbose => ConsoleColor.Gray,
            Style.Invalid => ConsoleColor.DarkRed,
            Style.Information => ConsoleColor.Cyan,
            Style.Warning => ConsoleColor.Yellow,
            Style.Error => ConsoleColor.Red,
            Style.Fatal => ConsoleColor.White,
            Style.Success => ConsoleColor.Green,
            _ => ConsoleColor.Magenta,
        };
}
