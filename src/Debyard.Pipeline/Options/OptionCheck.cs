using System.Globalization;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Options;

/// <summary>
/// Finds mistakes on the command line that NUKE ignores: an unknown option, a value that does not fit, too many values. A misspelt
/// <c>--branch</c> would otherwise publish to the wrong branch.
/// </summary>
public static class OptionCheck
{
    /// <summary>Returns a message for each mistake, in the order of the arguments.</summary>
    /// <param name="arguments">The words after the program: targets, then options with their values.</param>
    /// <param name="options">All options that the program knows.</param>
    public static IReadOnlyList<string> Mistakes(IReadOnlyList<string> arguments, IReadOnlyList<DeclaredOption> options)
    {
        var mistakes = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!IsOption(arguments[i]))
            {
                continue; // a target, which NUKE checks
            }
            var word = arguments[i];
            var values = arguments.Skip(i + 1).TakeWhile(value => !IsOption(value)).ToList();
            i += values.Count;
            mistakes.AddRange(
                options.FirstOrDefault(option => option.IsNamed(word)) is { } option ? Mistakes(option, values) : [Unknown(word, options)]
            );
        }
        return mistakes;
    }

    // A number below zero is a value, so that the message can say what is wrong with it.
    static bool IsOption(string word) => word is ['-', not (>= '0' and <= '9'), ..];

    static string Unknown(string word, IReadOnlyList<DeclaredOption> options)
    {
        if (word.Split('=') is [var name, .. { Length: > 0 } value] && options.Any(option => option.IsNamed(name)))
        {
            return $"{word}: write the value as a word of its own: {name} {string.Join('=', value)}";
        }
        var nearest = NearestWord.To(word, options.Select(option => option.Name));
        return $"There is no option {word}; "
            + (nearest is null ? "run ./build.sh --help for a list of all options." : $"did you mean {nearest}?");
    }

    static IEnumerable<string> Mistakes(DeclaredOption option, List<string> values)
    {
        if (values.Count == 0 && !option.IsSwitch && !option.IsList)
        {
            yield return $"{option.Name} needs a value.";
        }
        if (values.Count > 1 && !option.IsList)
        {
            yield return option.IsSwitch
                ? $"{option.Name} takes no value. Targets come before the first option: {string.Join(' ', values)} {option.Name}"
                : $"{option.Name} takes one value, but there are {values.Count}: {string.Join(' ', values)}. "
                    + "Targets come before the first option.";
            yield break;
        }
        foreach (var value in values)
        {
            if (Mistake(option, value) is { } mistake)
            {
                yield return mistake;
            }
        }
    }

    static string? Mistake(DeclaredOption option, string value)
    {
        var type = option.ValueType;
        if (type == typeof(bool))
        {
            return bool.TryParse(value, out _)
                ? null
                : $"{option.Name} takes no value, but '{value}' follows it. Targets come before the first option: {value} {option.Name}";
        }
        if (type.IsEnum)
        {
            var names = Enum.GetNames(type).Select(name => name.ToLowerInvariant()).ToList();
            return names.Contains(value.ToLowerInvariant())
                ? null
                : $"{option.Name}: '{value}' is not a valid value; {NearestWord.Suggestion(value, names)}";
        }
        if (type != typeof(int))
        {
            return null;
        }
        return !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? $"{option.Name}: '{value}' is not a whole number."
            : option.Range is { } range && !range.IsValid(number)
                ? $"{option.Name}: {number} is not between {range.Minimum} and {range.Maximum}."
            : null;
    }
}
