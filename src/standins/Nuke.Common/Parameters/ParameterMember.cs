using System.Reflection;
using System.Text;

namespace Nuke.Common.Parameters;

/// <summary>A field or property of the build, or of an interface it implements, that carries <see cref="ParameterAttribute"/>.</summary>
sealed class ParameterMember(MemberInfo member, ParameterAttribute attribute)
{
    // NUKE never splits these when it makes --dashed-names.
    static readonly string[] knownWords =
    [
        "DotNet",
        "GitHub",
        "GitVersion",
        "MSBuild",
        "NuGet",
        "ReSharper",
        "AppVeyor",
        "TeamCity",
        "GitLab",
        "SignPath",
        "JetBrains",
    ];

    public MemberInfo Member { get; } = member;
    public ParameterAttribute Attribute { get; } = attribute;
    public Type Type { get; } = member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;
    public string Name { get; } =
        member.DeclaringType!.GetCustomAttribute<ParameterPrefixAttribute>()?.Prefix + (attribute.Name ?? member.Name);
    public string Description => Attribute.Description?.TrimEnd('.');
    public bool IsBuiltIn => Member.DeclaringType == typeof(NukeBuild);
    public bool IsSecret => Member.IsDefined(typeof(SecretAttribute));

    /// <summary>The type whose values the parameter holds: of a nullable or an array, the inner one.</summary>
    public Type ScalarType => Nullable.GetUnderlyingType(Type) ?? (Type.IsArray ? Type.GetElementType() : Type);

    public string DashedName
    {
        get
        {
            var result = new StringBuilder();
            for (var i = 0; i < Name.Length; )
            {
                var word = knownWords.FirstOrDefault(x => string.Compare(Name, i, x, 0, x.Length, StringComparison.OrdinalIgnoreCase) == 0);
                var length = word?.Length ?? 1;
                if (i > 0 && (word != null || (char.IsUpper(Name[i]) && char.IsLower(Name[i - 1]))))
                    result.Append('-');
                result.Append(Name.AsSpan(i, length));
                i += length;
            }
            return result.ToString().ToLowerInvariant();
        }
    }

    public object Lookup()
    {
        var nullable = Type.IsValueType && Nullable.GetUnderlyingType(Type) == null ? typeof(Nullable<>).MakeGenericType(Type) : Type;
        return ParameterSources.Lookup(Name, nullable, Attribute.Separator is [var separator] ? separator : null);
    }
}
