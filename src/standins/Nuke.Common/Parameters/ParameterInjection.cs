using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Parameters;

/// <summary>Finds the members to inject and sets their values.</summary>
static class ParameterInjection
{
    const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    static readonly string[] injectedBuiltIns = ["Plan", "Help", "Continue", "NoLogo", "Verbosity", "Partition"];
    static readonly Dictionary<MemberInfo, object> values = [];
    static readonly Dictionary<Type, IReadOnlyList<(MemberInfo, ValueInjectionAttributeBase)>> membersByType = [];

    public static IReadOnlyList<ParameterMember> Parameters(Type buildType) =>
        [
            .. Members(buildType)
                .Where(x => x.Attribute is ParameterAttribute)
                .Select(x => new ParameterMember(x.Member, (ParameterAttribute)x.Attribute))
                .OrderBy(x => x.Name),
        ];

    /// <summary>Members in ordinal order of their names, those of base classes first; an interface's are looked up when read.</summary>
    public static void Inject(NukeBuild build, Func<ValueInjectionAttributeBase, bool> filter)
    {
        var members = Members(build.GetType())
            .Where(x => filter(x.Attribute) && !x.Member.ReflectedType!.IsInterface)
            .Where(x => x.Member.DeclaringType != typeof(NukeBuild) || injectedBuiltIns.Contains(x.Member.Name))
            .OrderBy(x => Depth(x.Member.DeclaringType))
            .ThenByDescending(x => x.Attribute.Priority);
        foreach (var (member, attribute) in members)
        {
            attribute.Build = build;
            if (attribute.TryGetValue(member, build) is { } value)
                Set(member, build, value);
        }
    }

    public static T ValueOf<T>(INukeBuild build, LambdaExpression expression)
    {
        var body = expression.Body is UnaryExpression conversion ? conversion.Operand : expression.Body;
        var member = ((MemberExpression)body).Member;
        if (!values.TryGetValue(member, out var value) || value == null)
        {
            var attribute = member.GetCustomAttribute<ValueInjectionAttributeBase>().NotNull();
            attribute.Build = build;
            values[member] = value = attribute.TryGetValue(member, build);
        }
        return (T)value;
    }

    public static IReadOnlyList<(MemberInfo Member, ValueInjectionAttributeBase Attribute)> Members(Type type)
    {
        if (!membersByType.TryGetValue(type, out var members))
            membersByType[type] = members = Find(type);
        return members;
    }

    public static void Set(MemberInfo member, object instance, object value)
    {
        if (member is FieldInfo field)
            field.SetValue(instance, value);
        else if (member is PropertyInfo { SetMethod: not null } property)
            property.SetValue(instance, value);
        else if (member.DeclaringType!.GetField($"<{member.Name}>k__BackingField", All | BindingFlags.DeclaredOnly) is { } backing)
            backing.SetValue(instance, value);
        else
            Assert.Fail($"Property '{member.Name}' is not settable");
    }

    static IReadOnlyList<(MemberInfo, ValueInjectionAttributeBase)> Find(Type type)
    {
        var own = FieldsAndProperties(type).Where(x => !x.Name.Contains('.'));
        var ofInterfaces = type.GetInterfaces()
            .SelectMany(FieldsAndProperties)
            .Where(x => type.GetMember(x.Name).Length == 0)
            .Select(x => type.GetProperty($"{x.DeclaringType!.FullName!.Replace('+', '.')}.{x.Name}", All) ?? x);
        return
        [
            .. own.Concat(ofInterfaces)
                .Where(x => x.IsDefined(typeof(ValueInjectionAttributeBase)))
                .OrderBy(x => x.Name)
                .Select(x => (x, x.GetCustomAttribute<ValueInjectionAttributeBase>())),
        ];
    }

    static IEnumerable<MemberInfo> FieldsAndProperties(Type type) => [.. type.GetFields(All), .. type.GetProperties(All)];

    static int Depth(Type type) => type == null ? 0 : 1 + Depth(type.BaseType);
}
