namespace Nuke.Common.Parameters;

/// <summary>
/// The words after the program: targets up to the first option, then options with the words up to the next one as their
/// values. <c>-x</c> equals <c>--x</c>, dashes inside a name and its case do not count, the last of equal options wins.
/// </summary>
sealed class CommandLine(IReadOnlyList<string> arguments)
{
    public IReadOnlyList<string> Arguments { get; } = arguments;

    public bool Has(string name) => IndexOf(name) >= 0;

    public object Named(string name, Type type, char? separator) =>
        IndexOf(name) is >= 0 and var index
            ? Convert(name, [.. Arguments.Skip(index + 1).TakeWhile(x => !IsOption(x))], type, separator)
            : null;

    public object Positional(Type type, char? separator)
    {
        string[] words = [.. Arguments.TakeWhile(x => !IsOption(x))];
        return words.Length == 0 ? null : Convert("$all-positional", words, type, separator);
    }

    static bool IsOption(string word) => word.StartsWith('-');

    int IndexOf(string name)
    {
        var wanted = Plain(name);
        for (var i = Arguments.Count - 1; i >= 0; i--)
        {
            if (IsOption(Arguments[i]) && Plain(Arguments[i]).Equals(wanted, StringComparison.OrdinalIgnoreCase))
                return i;
        }
        return -1;

        static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal);
    }

    object Convert(string name, string[] words, Type type, char? separator)
    {
        if (separator is { } character && words.Any(x => x.Contains(character)))
        {
            if (words.Length > 1)
                Assert.Fail($"Argument '{name}' with value [ {string.Join(", ", words)} ] cannot be split with separator '{character}'");
            words = words[0].Split(character);
        }

        try
        {
            return ParameterValue.Convert(words, type, emptyBoolean: true);
        }
        catch (Exception exception)
        {
            throw ParameterValue.ConversionFailure(
                string.Join(
                    Environment.NewLine,
                    [
                        $"Resolving argument '{name}' failed.",
                        exception.Message,
                        "Arguments were:",
                        .. Arguments.Select((x, i) => $"  [{i}] = {x}"),
                    ]
                )
            );
        }
    }
}
