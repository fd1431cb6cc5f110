namespace Debyard.Debian.Names;

/// <summary>A component of a suite, <c>main</c> by default.</summary>
public readonly record struct Component
{
    public static readonly Component Default = new("main");

    Component(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="DebianFormatException">The text is not a valid component name.</exception>
    public static Component Parse(string text) =>
        text == Default.Value ? Default
        : PathToken.IsValid(text) ? new(text)
        : throw new DebianFormatException($"'{text}' is not a valid component name: {PathToken.Rule}.");

    public override string ToString() => Value;
}
