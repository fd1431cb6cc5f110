using System.ComponentModel;
using System.Globalization;
using Nuke.Common.IO;

namespace Nuke.Common.Parameters;

/// <summary>Words made into values of a parameter's type.</summary>
static class ParameterValue
{
#pragma warning disable CA2201 // the type NUKE throws, and its log shows
    /// <summary>For a text that does not convert to the parameter's type.</summary>
    public static Exception ConversionFailure(string message) => new(message);
#pragma warning restore CA2201

    /// <summary>From an environment variable: blank parts do not count.</summary>
    public static object Convert(string text, Type type, char? separator)
    {
        string[] words = [.. (separator is { } character ? text.Split(character) : [text]).Where(x => !string.IsNullOrWhiteSpace(x))];
        return Convert(words, type, emptyBoolean: false);
    }

    /// <param name="words">The value's words; none is a flag, an empty array, or no value.</param>
    /// <param name="type">The type of the parameter.</param>
    /// <param name="emptyBoolean">What a boolean without a word is: true for <c>--flag</c>, false for an empty variable.</param>
    public static object Convert(IReadOnlyList<string> words, Type type, bool emptyBoolean)
    {
        if (type.IsArray)
        {
            var array = Array.CreateInstance(type.GetElementType()!, words.Count);
            for (var i = 0; i < words.Count; i++)
                array.SetValue(ConvertWord(words[i], type.GetElementType()), i);
            return array;
        }

        return words switch
        {
            [] => type == typeof(bool) || type == typeof(bool?) ? emptyBoolean : null,
            [var word] => ConvertWord(word, type),
            _ => throw ConversionFailure($"Value [ {string.Join(", ", words)} ] cannot be assigned to '{TypeName.Of(type)}'"),
        };
    }

    public static object ConvertWord(string word, Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        // Common types do not use type descriptors, which would add about 10 ms to the start of a build.
        if (plain == typeof(string))
            return word;
        if (plain == typeof(bool) && bool.TryParse(word, out var flag))
            return flag;
        if (plain == typeof(int) && int.TryParse(word, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            return number;
        if (plain.IsEnum && Enum.TryParse(plain, word, ignoreCase: true, out var constant))
            return constant;
        if (plain == typeof(AbsolutePath))
            return PathText.IsRooted(word) ? (AbsolutePath)word : EnvironmentInfo.WorkingDirectory / word;
        if (plain == typeof(Host) && Host.TryCreate(word) is { } host)
            return host;

        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(word);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException) // converters throw any type
        {
            throw ConversionFailure($"Value '{word}' could not be converted to '{TypeName.Of(type)}'");
        }
    }
}
