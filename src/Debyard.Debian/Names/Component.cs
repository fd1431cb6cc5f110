namespace Debyard.Debian.Names;

/// <summary>A component of a suite, <c>main</c> by default.</summary>
public readonly record struct Component
{
    public static readonly Component Default = new("main");

    // Their folders lie beside these files and folders of the suite.
    static readonly string[] reserved = ["InRelease", "Release", "Release.gpg", "by-hash"];

    Component(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="DebianFormatException">The text is not a valid component name.</exception>
    public static Component Parse(string text) =>
        text == Default.Value ? Default
        : reserved.Contains(text)
            ? throw new DebianFormatException($"'{text}' is the name of a suite's own file and cannot be a component; choose another.")
        : PathToken.IsValid(text) ? new(text)
        : throw new DebianFormatException($"'{text}' is not a valid component name: {PathToken.Rule}.");

    public override string ToString() => Value;
}
