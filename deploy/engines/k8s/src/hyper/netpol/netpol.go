// Package netpol enforces network policies for the pods of one node, as a cluster's network does: with iptables, in a chain
// of the mangle table, where addresses are those of pods already. IPv4, numbered ports; a policy with anything else lets
// nothing through by that rule. What belongs to a connection that was let through passes.
package netpol

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"log"
	"net"
	"os/exec"
	"slices"
	"strings"
	"time"

	core "k8s.io/api/core/v1"
	policies "k8s.io/api/networking/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	policylisters "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	prefix = "RG-NETPOL"
	passed = "0x20000/0x20000"
	unset  = "0x0/0x20000"
)

type enforcer struct {
	node       string
	pods       corelisters.PodLister
	namespaces corelisters.NamespaceLister
	policies   policylisters.NetworkPolicyLister
	written    string
}

// Run serves until the process is ended.
func Run(args []string) int {
	fs := flag.NewFlagSet("netpol", flag.ExitOnError)
	kubeconfig := fs.String("kubeconfig", "", "how to reach the API server")
	e := &enforcer{}
	fs.StringVar(&e.node, "node", "", "the node whose pods it guards")
	_ = fs.Parse(args)

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Print(err)
		return 1
	}
	factory := informers.NewSharedInformerFactory(kubernetes.NewForConfigOrDie(config), 0)
	e.pods = factory.Core().V1().Pods().Lister()
	e.namespaces = factory.Core().V1().Namespaces().Lister()
	e.policies = factory.Networking().V1().NetworkPolicies().Lister()
	changed := make(chan struct{}, 1)
	tell := func(any) {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	for _, informer := range []cache.SharedIndexInformer{
		factory.Core().V1().Pods().Informer(), factory.Core().V1().Namespaces().Informer(),
		factory.Networking().V1().NetworkPolicies().Informer(),
	} {
		_, _ = informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc: tell, UpdateFunc: func(_, object any) { tell(object) }, DeleteFunc: tell,
		})
	}
	ctx := context.Background()
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	log.Printf("guarding the pods of %s", e.node)
	for {
		if err := e.enforce(); err != nil {
			log.Print(err)
			e.written = ""
			time.Sleep(time.Second)
			continue
		}
		select {
		case <-changed:
		case <-time.After(10 * time.Second): // somebody may have emptied the filter
			e.written = ""
		}
	}
}

func (e *enforcer) enforce() error {
	rules, err := e.rules()
	if err != nil || rules == e.written {
		return err
	}
	if err := e.replace(rules); err != nil {
		return err
	}
	for _, hook := range []string{"FORWARD", "INPUT"} {
		if _, err := iptables("-C", hook, "-j", prefix); err != nil {
			if said, err := iptables("-I", hook, "-j", prefix); err != nil {
				return fmt.Errorf("hooking into %s: %s", hook, said)
			}
		}
	}
	e.written = rules
	return nil
}

// All chains at once; those that no rule needs any more go.
func (e *enforcer) replace(rules string) error {
	standing, _ := iptables("-S")
	var end strings.Builder
	for _, line := range strings.Split(standing, "\n") {
		name, ours := strings.CutPrefix(line, "-N "+prefix+"-")
		if ours && !strings.Contains(rules, ":"+prefix+"-"+name+" ") {
			rules = strings.Replace(rules, "*mangle\n", fmt.Sprintf("*mangle\n:%s-%s - [0:0]\n", prefix, name), 1)
			fmt.Fprintf(&end, "-X %s-%s\n", prefix, name)
		}
	}
	command := exec.Command("iptables-restore", "--noflush", "--wait")
	command.Stdin = strings.NewReader(rules + end.String() + "COMMIT\n")
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("writing rules: %w: %s", err, said)
	}
	return nil
}

func iptables(arguments ...string) (string, error) {
	said, err := exec.Command("iptables", append([]string{"--wait", "-t", "mangle"}, arguments...)...).CombinedOutput()
	return string(said), err
}

// What iptables-restore reads, without its last line; the same for the same cluster.
func (e *enforcer) rules() (string, error) {
	pods, err := e.pods.List(labels.Everything())
	if err != nil {
		return "", err
	}
	all, err := e.policies.List(labels.Everything())
	if err != nil {
		return "", err
	}
	slices.SortFunc(pods, func(a, b *core.Pod) int { return strings.Compare(string(a.UID), string(b.UID)) })
	slices.SortFunc(all, func(a, b *policies.NetworkPolicy) int { return strings.Compare(string(a.UID), string(b.UID)) })
	var names, body bytes.Buffer
	chain := func(name string) { fmt.Fprintf(&names, ":%s - [0:0]\n", name) }
	chain(prefix)
	fmt.Fprintf(&body, "-A %s -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN\n", prefix)
	for _, pod := range pods {
		if pod.Spec.NodeName != e.node || !hasAddress(pod) {
			continue
		}
		for _, way := range []policies.PolicyType{policies.PolicyTypeEgress, policies.PolicyTypeIngress} {
			guarded, allowed := false, []string{}
			for _, policy := range all {
				if policy.Namespace != pod.Namespace || !slices.Contains(policy.Spec.PolicyTypes, way) || !selects(&policy.Spec.PodSelector, pod.Labels) {
					continue
				}
				guarded = true
				allowed = append(allowed, e.allowed(policy, way, pods)...)
			}
			if !guarded {
				continue
			}
			mine := flagOf(way, true)
			own := chainName(string(pod.UID), string(way))
			chain(own)
			fmt.Fprintf(&body, "-A %s %s %s -j %s\n", prefix, mine, pod.Status.PodIP, own)
			fmt.Fprintf(&body, "-A %s -j MARK --set-xmark %s\n", own, unset)
			for number, lines := range allowed {
				one := chainName(string(pod.UID), string(way), fmt.Sprint(number))
				chain(one)
				fmt.Fprintf(&body, "-A %s -j %s\n", own, one)
				for _, line := range strings.Split(lines, "\n") {
					fmt.Fprintf(&body, "-A %s %s\n", one, line)
				}
			}
			fmt.Fprintf(&body, "-A %s -m mark ! --mark %s -j DROP\n", own, passed)
			fmt.Fprintf(&body, "-A %s -j MARK --set-xmark %s\n", own, unset)
		}
	}
	return "*mangle\n" + names.String() + body.String(), nil
}

// For each peer that a policy allows, the rules that mark what passes.
func (e *enforcer) allowed(policy *policies.NetworkPolicy, way policies.PolicyType, pods []*core.Pod) []string {
	var found []string
	add := func(peers []policies.NetworkPolicyPeer, ports []policies.NetworkPolicyPort) {
		matches := portMatches(ports)
		if len(peers) == 0 {
			found = append(found, lines(nil, []string{""}, matches))
		}
		for _, peer := range peers {
			if block := peer.IPBlock; block != nil {
				if !isIPv4(block.CIDR) {
					continue
				}
				var except []string
				for _, network := range block.Except {
					if isIPv4(network) {
						except = append(except, fmt.Sprintf("%s %s -j RETURN", flagOf(way, false), network))
					}
				}
				found = append(found, lines(except, []string{flagOf(way, false) + " " + block.CIDR}, matches))
				continue
			}
			var addresses []string
			for _, other := range pods {
				if hasAddress(other) && e.isPeer(&peer, policy.Namespace, other) {
					addresses = append(addresses, flagOf(way, false)+" "+other.Status.PodIP)
				}
			}
			if len(addresses) > 0 {
				found = append(found, lines(nil, addresses, matches))
			}
		}
	}
	if way == policies.PolicyTypeEgress {
		for _, rule := range policy.Spec.Egress {
			add(rule.To, rule.Ports)
		}
	} else {
		for _, rule := range policy.Spec.Ingress {
			add(rule.From, rule.Ports)
		}
	}
	return slices.DeleteFunc(found, func(rules string) bool { return rules == "" })
}

func lines(first, addresses, ports []string) string {
	if len(ports) == 0 {
		return ""
	}
	all := first
	for _, address := range addresses {
		for _, port := range ports {
			all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s -j MARK --set-xmark %s", address, port, passed)))
		}
	}
	return strings.Join(all, "\n")
}

// No ports mean all of them; a named one matches nothing here.
func portMatches(ports []policies.NetworkPolicyPort) []string {
	if len(ports) == 0 {
		return []string{""}
	}
	var matches []string
	for _, port := range ports {
		protocol := core.ProtocolTCP
		if port.Protocol != nil {
			protocol = *port.Protocol
		}
		match := "-p " + strings.ToLower(string(protocol))
		switch {
		case port.Port == nil:
		case port.Port.Type != intstr.Int:
			log.Printf("a named port is not understood: %s", port.Port.StrVal)
			continue
		case port.EndPort != nil:
			match += fmt.Sprintf(" --dport %d:%d", port.Port.IntVal, *port.EndPort)
		default:
			match += fmt.Sprintf(" --dport %d", port.Port.IntVal)
		}
		matches = append(matches, match)
	}
	return matches
}

func (e *enforcer) isPeer(peer *policies.NetworkPolicyPeer, namespace string, pod *core.Pod) bool {
	if peer.NamespaceSelector == nil {
		if pod.Namespace != namespace {
			return false
		}
	} else {
		there, err := e.namespaces.Get(pod.Namespace)
		if err != nil || !selects(peer.NamespaceSelector, there.Labels) {
			return false
		}
	}
	return peer.PodSelector == nil || selects(peer.PodSelector, pod.Labels)
}

func selects(selector *meta.LabelSelector, of map[string]string) bool {
	parsed, err := meta.LabelSelectorAsSelector(selector)
	return err == nil && parsed.Matches(labels.Set(of))
}

func hasAddress(pod *core.Pod) bool {
	return !pod.Spec.HostNetwork && net.ParseIP(pod.Status.PodIP).To4() != nil &&
		pod.Status.Phase != core.PodSucceeded && pod.Status.Phase != core.PodFailed
}

func isIPv4(network string) bool {
	address, _, err := net.ParseCIDR(network)
	return err == nil && address.To4() != nil
}

// Which side of a packet: that of the guarded pod, or the other one.
func flagOf(way policies.PolicyType, guarded bool) string {
	if (way == policies.PolicyTypeEgress) == guarded {
		return "-s"
	}
	return "-d"
}

func chainName(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "/")))
	return fmt.Sprintf("%s-%x", prefix, sum[:8])
}
