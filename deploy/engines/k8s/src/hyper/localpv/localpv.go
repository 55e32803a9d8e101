// Package localpv is a volume provisioner for one node: each claim of its storage class gets a folder of that node, as a
// "local" volume. Unlike a host path, kubelet gives such a volume to the pod's group (fsGroup), and the scheduler knows
// where it is.
package localpv

import (
	"context"
	"flag"
	"log"
	"os"
	"path/filepath"
	"time"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

const provisionedBy = "pv.kubernetes.io/provisioned-by"

type provisioner struct {
	client *kubernetes.Clientset
	name   string
	class  string
	node   string
	dir    string
}

// Run serves until the process is ended.
func Run(args []string) int {
	fs := flag.NewFlagSet("localpv", flag.ExitOnError)
	kubeconfig := fs.String("kubeconfig", "", "how to reach the API server")
	p := &provisioner{}
	fs.StringVar(&p.name, "name", "remotegpu.test/local", "the provisioner's name in the storage class")
	fs.StringVar(&p.class, "class", "standard", "the storage class")
	fs.StringVar(&p.node, "node", "", "the node whose folder it is")
	fs.StringVar(&p.dir, "dir", "", "the folder")
	_ = fs.Parse(args)

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Print(err)
		return 1
	}
	config.QPS, config.Burst = 200, 400
	p.client = kubernetes.NewForConfigOrDie(config)
	// Everything is looked at again every 10 s: what failed once is tried again.
	factory := informers.NewSharedInformerFactory(p.client, 10*time.Second)
	handle(factory.Core().V1().PersistentVolumeClaims().Informer(), func(object any) {
		if claim, ok := object.(*core.PersistentVolumeClaim); ok {
			p.provide(claim)
		}
	})
	handle(factory.Core().V1().PersistentVolumes().Informer(), func(object any) {
		if volume, ok := object.(*core.PersistentVolume); ok {
			p.takeBack(volume)
		}
	})
	factory.Start(context.Background().Done())
	log.Printf("provisioning %s in %s", p.class, p.dir)
	select {}
}

func handle(informer cache.SharedIndexInformer, changed func(object any)) {
	_, _ = informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    changed,
		UpdateFunc: func(_, object any) { changed(object) },
	})
}

func (p *provisioner) provide(claim *core.PersistentVolumeClaim) {
	wanted := claim.Spec.StorageClassName
	if wanted == nil || *wanted != p.class || claim.Spec.VolumeName != "" || claim.DeletionTimestamp != nil {
		return
	}
	name := "pvc-" + string(claim.UID)
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(path, 0o770); err != nil {
		log.Print(err)
		return
	}
	class := p.class
	volume := &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: name, Annotations: map[string]string{provisionedBy: p.name}},
		Spec: core.PersistentVolumeSpec{
			Capacity:                      claim.Spec.Resources.Requests,
			AccessModes:                   claim.Spec.AccessModes,
			PersistentVolumeReclaimPolicy: core.PersistentVolumeReclaimDelete,
			StorageClassName:              class,
			PersistentVolumeSource:        core.PersistentVolumeSource{Local: &core.LocalVolumeSource{Path: path}},
			ClaimRef: &core.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim",
				Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
			NodeAffinity: &core.VolumeNodeAffinity{Required: &core.NodeSelector{NodeSelectorTerms: []core.NodeSelectorTerm{{
				MatchExpressions: []core.NodeSelectorRequirement{{
					Key: "kubernetes.io/hostname", Operator: core.NodeSelectorOpIn, Values: []string{p.node},
				}},
			}}}},
		},
	}
	_, err := p.client.CoreV1().PersistentVolumes().Create(context.Background(), volume, meta.CreateOptions{})
	if err != nil && !errors.IsAlreadyExists(err) {
		log.Print(err)
	}
}

func (p *provisioner) takeBack(volume *core.PersistentVolume) {
	if volume.Annotations[provisionedBy] != p.name || volume.Status.Phase != core.VolumeReleased || volume.DeletionTimestamp != nil {
		return
	}
	if err := os.RemoveAll(filepath.Join(p.dir, volume.Name)); err != nil {
		log.Print(err)
		return
	}
	err := p.client.CoreV1().PersistentVolumes().Delete(context.Background(), volume.Name, meta.DeleteOptions{})
	if err != nil && !errors.IsNotFound(err) {
		log.Print(err)
	}
}
