namespace Debyard.Debian.Names;

/// <summary>A suite: the folder below <c>dists/</c>, <c>stable</c> by default.</summary>
public readonly record struct Suite
{
    public static readonly Suite Default = new("stable");

    Suite(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="DebianFormatException">The text is not a valid suite name.</exception>
    public static Suite Parse(string text) =>
        text == Default.Value ? Default
        : PathToken.IsValid(text) ? new(text)
        : throw new DebianFormatException($"'{text}' is not a valid suite name: {PathToken.Rule}.");

    public static bool TryParse(string text, out Suite suite)
    {
        var isValid = PathToken.IsValid(text);
        suite = isValid ? Parse(text) : default;
        return isValid;
    }

    public override string ToString() => Value;
}
