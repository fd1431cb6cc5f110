namespace Debyard.Repository.Contents;

/// <summary>Whether a branch built a package itself or inherited it. An inherited package is replaced by the branch's own build.</summary>
public enum Ownership
{
    Own,
    Inherited,
}
