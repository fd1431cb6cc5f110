namespace Debyard.Repository.Contents;

/// <summary>Whether a branch built a package itself. An inherited package gives way to the branch's own build.</summary>
public enum Ownership
{
    Own,
    Inherited,
}
