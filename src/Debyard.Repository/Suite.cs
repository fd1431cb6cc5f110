using System.Buffers;

namespace Debyard.Repository;

/// <summary>A suite: the folder below <c>dists/</c>, <c>stable</c> by default.</summary>
public readonly record struct Suite
{
    public static readonly Suite Default = new("stable");

    Suite(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="InvalidUploadException">The text is no suite's name.</exception>
    public static Suite Parse(string text) =>
        text == Default.Value ? Default
        : PathToken.IsValid(text) ? new(text)
        : throw new InvalidUploadException($"'{text}' is no suite's name: {PathToken.Rule}.");

    public override string ToString() => Value;
}

/// <summary>A component of a suite, <c>main</c> by default.</summary>
public readonly record struct Component
{
    public static readonly Component Default = new("main");

    Component(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="InvalidUploadException">The text is no component's name.</exception>
    public static Component Parse(string text) =>
        text == Default.Value ? Default
        : PathToken.IsValid(text) ? new(text)
        : throw new InvalidUploadException($"'{text}' is no component's name: {PathToken.Rule}.");

    public override string ToString() => Value;
}

/// <summary>Names that become one folder of a path and one word of a Release file.</summary>
static class PathToken
{
    public const string Rule = "letters, digits and . + - _, starting with a letter or digit, at most 64";
    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_");

    public static bool IsValid(string text) =>
        text is { Length: > 0 and <= 64 } && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(Allowed);
}
